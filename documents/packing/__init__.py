"""Files put into a ZIP while it is sent, under names that every system takes."""

from documents.packing.names import MOST_BYTES as MOST_BYTES
from documents.packing.names import Names as Names
from documents.packing.names import safe as safe
from documents.packing.zipping import Packer as Packer
from documents.packing.zipping import gathered as gathered
