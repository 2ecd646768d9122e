"""What is known of words beside what the index says of them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from service.search.spelling.medicines import Medicines


@dataclass(frozen=True)
class Knowledge:
    """What is known of words, all folded.

    Attributes:
        is_right: whether a word is right, whatever the index says.
        medicines: names that are right, and that no other word may take the place of.
        is_allowed: whether a term of the index may be meant in this query.
    """

    is_right: Callable[[str], bool] = lambda _: False
    medicines: Medicines = field(default_factory=Medicines)
    is_allowed: Callable[[str], bool] = lambda _: True
