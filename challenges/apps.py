from django.apps import AppConfig


class ChallengesConfig(AppConfig):
    name = "challenges"

    def ready(self) -> None:
        from challenges import models
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
                more_field="what_leaders_can_do",
                more_title="What leaders can do",
                leaders_question="What stands in the way",
                first_words="is the most pressing",
                note=models.ChallengeNote,
                reading=models.ChallengeReading,
            )
        )
