"""The desk phone: a stand-in for the phone company, for trying the hotline and for driving it in tests.

Not here: anything that production runs. The page refuses to start there.
"""

from bot.simulator.call import Call
from bot.simulator.company import Company
from bot.simulator.handset import Handset
from bot.simulator.records import Dial, Gather, Message, Text

__all__ = ["Call", "Company", "Dial", "Gather", "Handset", "Message", "Text"]
