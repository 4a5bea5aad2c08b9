"""The errors that a stage's step may raise; each changes what the loop does."""


class Unavailable(Exception):
    """The store cannot be used now (full, locked, read-only, away). Wait and repeat the batch."""


class Refused(Exception):
    """The store refuses the batch because of one of its rows. Find the row; reject it."""


class Unusable(Exception):
    """The process cannot do its work and waiting does not help. The words say what to do; exit."""
