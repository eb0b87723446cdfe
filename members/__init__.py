"""People, governments, seats, offices and roles; who may open which page; sign-in, invitations and preferences."""
