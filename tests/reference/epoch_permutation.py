#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Row orders and a small stratified split, computed apart from the C++ code: the numbers in tst_split.cpp.

SplitMix64 (mix64 is its finaliser); the stream of (seed, stream) starts at mix64(mix64(seed + G) ^ (stream * M + G)); value n is
mix64(start + n * G). A number below b is the high word of value * b, with Lemire's rejection; Fisher-Yates from the end.
"""
MASK = (1 << 64) - 1
G = 0x9E3779B97F4A7C15
M = 0xD1342543DE82EF95


def mix64(value):
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


class SplitMix64:
    def __init__(self, seed, stream):
        self.state = mix64(mix64((seed + G) & MASK) ^ ((stream * M + G) & MASK))

    def below(self, bound):
        while True:
            self.state = (self.state + G) & MASK
            product = mix64(self.state) * bound
            if product & MASK >= (1 << 64) % bound:
                return product >> 64


def shuffle(values, random):
    for left in range(len(values), 1, -1):
        j = random.below(left)
        values[left - 1], values[j] = values[j], values[left - 1]
    return values


def epoch_permutation(count, seed, epoch):
    return shuffle(list(range(count)), SplitMix64(seed, (1 << 63) + epoch))


if __name__ == "__main__":
    # mix64 agrees with the published SplitMix64: seed 1234567, first value.
    assert mix64((1234567 + G) & MASK) == 6457827717110365317
    print("epoch 0:", epoch_permutation(10, 42, 0))
    print("epoch 1:", epoch_permutation(10, 42, 1))
    # Six rows of class 0 and four of class 1, mixed as rowsOf({6, 4}) writes them; two and one of them held out.
    first, second = [0, 2, 4, 6, 8, 9], [1, 3, 5, 7]
    held = shuffle(first, SplitMix64(42, 0))[:2] + shuffle(second, SplitMix64(42, 1))[:1]
    print("validation:", sorted(held))
