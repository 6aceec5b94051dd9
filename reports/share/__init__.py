"""A week as a chat message and as a picture: for the group in which the meeting goes on.

Both are made from the sheets that page and PDF are made from. What leaves the site this way holds
no free text: names of people stand in titles and notes sooner or later, in a catalogue never.
"""

from __future__ import annotations

from reports.share.drawing import SIZE as PICTURE_SIZE
from reports.share.picture import Picture, picture
from reports.share.text import LIMIT, share_text

__all__ = ["LIMIT", "PICTURE_SIZE", "Picture", "picture", "share_text"]
