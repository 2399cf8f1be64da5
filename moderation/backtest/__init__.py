"""What other rules would do with stored comments, and what the rules of its time did with one: from the record alone.

The command line and the dashboard call the same functions; none of them prints.
"""

from moderation.backtest.diff import Diff, diff_stored, diff_unstored
from moderation.backtest.intervals import CountedShare
from moderation.backtest.lens import Lacking
from moderation.backtest.replayer import Question
from moderation.backtest.tally import Flip

__all__ = ["CountedShare", "Diff", "Flip", "Lacking", "Question", "diff_stored", "diff_unstored"]
