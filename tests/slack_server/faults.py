"""What goes wrong on purpose. Called by server.py before a method runs."""

from dataclasses import dataclass


@dataclass(eq=False)
class Fault:
    """A method that fails `left` times more. `after`: it does its work first, only the answer is lost."""

    method: str
    left: float
    status: int | str
    error: str | None
    retry_after: int | None
    after: bool


class Faults:
    """Faults in the order in which they were asked for."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def take(self, method: str) -> Fault | None:
        """The fault that this call meets, if any."""
        for fault in self._faults:
            if fault.left > 0 and fault.method in (method, "*"):
                fault.left -= 1
                return fault
        return None

    def clear(self) -> None:
        self._faults.clear()
