class NothingRankedError(Exception):
    problem = "nothing ranked"  # in ballots/_error.html


class NothingToUndoError(Exception):
    problem = "nothing to undo"


class SealedError(Exception):
    pass


class AlreadyCastError(Exception):
    pass
