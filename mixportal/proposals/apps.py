from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "mixportal.proposals"

    def ready(self) -> None:
        from mixportal.editions import desk_links
        from mixportal.proposals.desk import links_for

        for link in links_for():
            desk_links.add(link)
