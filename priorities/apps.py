from django.apps import AppConfig


class PrioritiesConfig(AppConfig):
    name = "priorities"

    def ready(self) -> None:
        from mixportal.comparison import outside
        from mixportal.editions import kinds
        from priorities import chapters, invested, models

        kinds.register(
            kinds.Kind(
                key="priorities",
                singular="priority",
                plural="priorities",
                order=1,
                entry=models.Priority,
                lineage=models.PriorityLineage,
                ballot=models.PriorityBallot,
                placement=models.PriorityPlacement,
                tally=models.PriorityTally,
                proposal=models.PriorityProposal,
                comparison=models.PriorityComparison,
                crosswalk=models.PriorityCrosswalk,
                more_title="What it involves",
                leaders_question="The priorities, in order",
                first_words="comes first",
                own_additions=(outside.on_entry(models.PriorityCrosswalk),),
                entry_additions={"priorities": invested.on_entry},
                profile_additions=(invested.on_profile,),
                brief_additions=(invested.on_brief,),
                searched=(kinds.Searched("investment", "Investments", models.Investment, ("summary",), "priority"),),
                note=models.PriorityNote,
                shown=(models.Investment,),
            )
        )
        chapters.register()
