"""All that is a person's, to take along as one ZIP."""

from documents.takeout.packing import README as README
from documents.takeout.packing import pack as pack
from documents.takeout.sizes import Sizes as Sizes
from documents.takeout.sizes import measure as measure
from documents.takeout.tables import DOCUMENTS as DOCUMENTS
from documents.takeout.tables import LEFT_OUT as LEFT_OUT
from documents.takeout.tables import PROFILE as PROFILE
from documents.takeout.tables import TABLES as TABLES
from documents.takeout.tables import Table as Table
