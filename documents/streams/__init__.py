"""Progress and words as events: told by workers, kept in Redis for a while, heard by whoever follows.

A stream is a convenience. Redis may be away, or have forgotten: the row always tells the truth. `telling` is the side
of workers, `hearing` that of the web server.
"""

from documents.streams.events import FROM_THE_START as FROM_THE_START
from documents.streams.events import Event as Event
from documents.streams.events import _client as _client
from documents.streams.events import is_id as is_id
from documents.streams.events import read as read
from documents.streams.hearing import follow as follow
from documents.streams.hearing import remembered as remembered
from documents.streams.telling import clear as clear
from documents.streams.telling import forget_on_disk as forget_on_disk
from documents.streams.telling import publish as publish
from documents.streams.telling import say as say
from documents.streams.telling import wait as wait
