"""What a change of the rules would do, and what the rules did: from stored decisions and verdicts alone.

The command line and the dashboard call the same functions; none of them prints.
"""

from moderation.insight.diff import Diff, diff_stored, diff_unstored
from moderation.insight.intervals import Share
from moderation.insight.lens import Lacking
from moderation.insight.replayer import Question
from moderation.insight.tally import Flip

__all__ = ["Diff", "Flip", "Lacking", "Question", "Share", "diff_stored", "diff_unstored"]
