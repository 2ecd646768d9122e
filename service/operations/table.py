"""All operations of the API."""

from service.operations.operation import Operations
from service.operations.pages import PAGES
from service.operations.searching import SEARCHING
from service.operations.watching import WATCHING
from service.operations.writing import WRITING

READING_OPERATIONS: Operations = {**SEARCHING, **WATCHING, **PAGES}

OPERATIONS: Operations = {**READING_OPERATIONS, **WRITING}
