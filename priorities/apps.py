from django.apps import AppConfig


class PrioritiesConfig(AppConfig):
    name = "priorities"

    def ready(self) -> None:
        from mixportal.editions import kinds
        from priorities import models

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
                more_field="investments_involved",
                more_title="What it involves",
                leaders_question="The priorities, in order",
                first_words="comes first",
                note=models.PriorityNote,
                reading=models.PriorityReading,
            )
        )
