from django.apps import AppConfig


class ChallengesConfig(AppConfig):
    name = "challenges"

    def ready(self) -> None:
        from challenges import chapters, models, obstacles
        from mixportal.comparison import outside
        from mixportal.editions import kinds

        kinds.register(
            kinds.Kind(
                key="challenges",
                singular="challenge",
                plural="challenges",
                order=2,
                entry=models.Challenge,
                lineage=models.ChallengeLineage,
                ballot=models.ChallengeBallot,
                placement=models.ChallengePlacement,
                tally=models.ChallengeTally,
                proposal=models.ChallengeProposal,
                comparison=models.ChallengeComparison,
                crosswalk=models.ChallengeCrosswalk,
                more_title="What leaders can do",
                leaders_question="What stands in the way",
                first_words="is the most pressing",
                own_additions=(outside.on_entry(models.ChallengeCrosswalk),),
                entry_additions={
                    "challenges": obstacles.on_entry("challenges/_stands_in_the_way.html"),
                    "priorities": obstacles.on_entry("challenges/_obstacles.html"),
                },
                edition_additions=(obstacles.on_edition,),
                brief_additions=(obstacles.on_brief,),
                note=models.ChallengeNote,
                shown=(models.Answer, models.Hindrance),
            )
        )
        chapters.register()
