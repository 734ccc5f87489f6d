"""A server with all its processes: memory that is its own, and processor time."""

import asyncio
from dataclasses import dataclass

import psutil


@dataclass
class Tree:
    """`most`: the megabytes at which `watch` ends it, to spare the machine."""

    root: psutil.Process
    most: float
    peak: float = 0
    ended: bool = False

    def processes(self) -> list[psutil.Process]:
        try:
            return [self.root, *self.root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def is_alive(self) -> bool:
        return self.root.is_running() and self.root.status() != psutil.STATUS_ZOMBIE

    def memory(self) -> float:
        """Megabytes; what several processes share counts once (PSS)."""
        return sum(memory_of(process) for process in self.processes()) / 1e6

    def cpu(self) -> float:
        """Seconds of all processes, those that have ended meanwhile among them."""
        return sum(cpu_of(process) for process in self.processes())

    def end(self) -> None:
        for process in reversed(self.processes()):
            process.kill()

    async def watch(self) -> None:
        """Keeps the peak up to date, until it is cancelled."""
        while self.is_alive():
            self.peak = max(self.peak, await asyncio.to_thread(self.memory))
            if self.peak > self.most:
                self.ended = True
                self.end()
            await asyncio.sleep(0.25)


def memory_of(process: psutil.Process) -> float:
    try:
        full = process.memory_full_info()
        return getattr(full, "pss", full.uss)
    except psutil.Error:  # it has just ended
        return 0


def cpu_of(process: psutil.Process) -> float:
    try:
        return sum(process.cpu_times()[:4])  # user, system, and those of ended children
    except psutil.Error:
        return 0
