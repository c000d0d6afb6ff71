# SPDX-License-Identifier: MIT
"""Times the steps of transformers' Trainer."""
import time

from transformers import TrainerCallback


class StepClock(TrainerCallback):
    """Wall time between the end of the warm-up steps and the end of the last step."""

    def __init__(self, warmup):
        self.warmup = warmup
        self.start = self.end = None

    def on_step_end(self, arguments, state, control, **kwargs):
        if state.global_step == self.warmup:
            self.start = time.perf_counter()
        self.end = time.perf_counter()

    def seconds(self):
        return self.end - self.start
