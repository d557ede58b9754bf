"""Property tests are not timed: a busy machine makes no rule wrong."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
