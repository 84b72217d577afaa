"""Draws are the published function of their names, bit for bit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from itertools import product

import numpy as np
import pytest

from sim.draws import DOMAIN, ROOT, Draws, Purpose, child, name_word

WORD = 2**64 - 1
IDENTITY = 0xB993E48A8967208E_E5EAF1FA06EEFF32
KNOWN_BLOCKS = [
    (
        (7, 412, 2**64 + 5, Purpose.DELAY, 3),
        (695753931333098, 5132576337118329, 7968449218097893, 4622255394674426),
    ),
    (
        (0, 0, ROOT, Purpose.CANDIDATE, 0),
        (1908261127127924, 1941464152521750, 6808537264149302, 4805373124897998),
    ),
    (
        (WORD, WORD, 2**128 - 1, Purpose.INTERRUPTION, 2**40),
        (6524258223650597, 7775489890702897, 1822806938394201, 3065987702140950),
    ),
]
"""Arguments, and the four uniforms times 2**53. Part of the results: never change."""

Words = tuple[int, int, int, int]


def philox(key: tuple[int, int], counter: Words) -> Words:
    """Return one block of Philox4x64-10, written from the paper."""
    k0, k1 = key
    c0, c1, c2, c3 = counter
    for _ in range(10):
        p0, p1 = 0xD2E7470EE14C6C93 * c0, 0xCA5A826395121157 * c2
        c0, c1, c2, c3 = p1 >> 64 ^ c1 ^ k0, p1 & WORD, p0 >> 64 ^ c3 ^ k1, p0 & WORD
        k0, k1 = k0 + 0x9E3779B97F4A7C15 & WORD, k1 + 0xBB67AE8584CAA73B & WORD
    return c0, c1, c2, c3


@pytest.mark.parametrize(
    ("key", "counter", "block"),
    [
        (
            (0, 0),
            (0, 0, 0, 0),
            "16554d9eca36314c db20fe9d672d0fdc d7e772cee186176b 7e68b68aec7ba23b",
        ),
        (
            (WORD, WORD),
            (WORD, WORD, WORD, WORD),
            "87b092c3013fe90b 438c3c67be8d0224 9cc7d7c69cd777b6 a09caebf594f0ba0",
        ),
        (
            (0x452821E638D01377, 0xBE5466CF34E90C6C),
            (
                0x243F6A8885A308D3,
                0x13198A2E03707344,
                0xA4093822299F31D0,
                0x082EFA98EC4E6C89,
            ),
            "a528f45403e61d95 38c72dbd566e9788 a5a1610e72fd18b5 57bd43b5e52b7fe6",
        ),
    ],
)
def test_reference_is_philox(key: tuple[int, int], counter: Words, block: str) -> None:
    """The reference reproduces the vectors that come with Random123."""
    assert " ".join(f"{word:016x}" for word in philox(key, counter)) == block


@pytest.mark.parametrize(("arguments", "known"), KNOWN_BLOCKS)
def test_known_answers(
    arguments: tuple[int, int, int, Purpose, int], known: Words
) -> None:
    """Product, reference and NumPy's own Philox all give the published block."""
    root_seed, replication, identity, purpose, index = arguments
    uniforms = Draws(root_seed, replication).block(identity, purpose, index)
    key = (root_seed, replication)
    low, high = identity & WORD, identity >> 64
    reference = philox(key, (index + 1, int(purpose), low, high))
    theirs = np.random.Philox(
        key=np.array(key, dtype=np.uint64),
        counter=np.array([index, purpose, low, high], dtype=np.uint64),
    ).random_raw(4)
    assert tuple(int(u * 2**53) for u in uniforms) == known
    assert tuple(word >> 11 for word in reference) == known
    assert tuple(int(word) >> 11 for word in theirs) == known
    assert uniforms == tuple(count * 2.0**-53 for count in known)


def test_known_identity() -> None:
    """A child's identity is the published one, from the first two words."""
    rule, label = name_word("militia"), name_word("kataib")
    assert child(ROOT, rule, label, 0) == IDENTITY
    words = philox((IDENTITY & WORD, IDENTITY >> 64), (10, label, rule, DOMAIN))
    assert child(IDENTITY, rule, label, 9) == words[1] << 64 | words[0]


def test_known_name_words() -> None:
    """A name's word is its BLAKE2b-64 digest, little endian; DOMAIN is one of them."""
    assert name_word("rocket_attack") == 0x52296B45F321C8EA
    assert name_word("identity") == DOMAIN
    digest = blake2b("kata\u02beib".encode(), digest_size=8).digest()
    assert name_word("kata\u02beib") == int.from_bytes(digest, "little")


def test_purpose_numbers() -> None:
    """The numbers of the purposes are the published ones."""
    assert [(p.name, p.value) for p in Purpose] == [
        ("CANDIDATE", 1),
        ("CHOICE", 2),
        ("DELAY", 3),
        ("STAGES", 4),
        ("EFFECT", 5),
        ("PLACE", 6),
        ("NOTICE", 7),
        ("EVIDENCE", 8),
        ("OBSERVATION", 9),
        ("INTERRUPTION", 10),
        ("START", 11),
        ("MEANS", 12),
    ]


def test_every_argument_matters() -> None:
    """Changing any argument, the identity's high half included, changes every float."""
    seen: set[float] = set()
    cases = list(
        product((1, 2), (0, 1), (0, 1, 2**64, IDENTITY), Purpose, (0, 1, 2**63))
    )
    for root_seed, replication, identity, purpose, index in cases:
        seen.update(Draws(root_seed, replication).block(identity, purpose, index))
    assert len(seen) == 4 * len(cases)


def test_every_part_of_an_identity_matters() -> None:
    """Changing parent, rule, label or ordinal, or swapping two, gives another child."""
    parts = list(product((ROOT, 1, 2**64, IDENTITY), (1, 2), (1, 2), (0, 1, 2)))
    assert len({child(*part) for part in parts}) == len(parts)


def test_order_of_calls_does_not_matter() -> None:
    """Draws asked for backwards, between others, are the draws asked for forwards."""
    draws, other = Draws(7, 1), Draws(8, 2)
    forwards = [draws.block(i, Purpose.EFFECT, i) for i in range(20)]
    backwards = []
    for i in reversed(range(20)):
        child(i, 1, 2, 3)
        other.many(i, Purpose.PLACE, 12)
        backwards.append(draws.block(i, Purpose.EFFECT, i))
    assert backwards[::-1] == forwards


def test_threads_do_not_meddle() -> None:
    """Four threads that draw at once get what one thread gets."""

    def work(replication: int) -> list[tuple[float, ...]]:
        draws = Draws(7, replication)
        return [draws.block(child(ROOT, 1, 2, i), Purpose.DELAY) for i in range(500)]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(8))) == [work(i) for i in range(8)]


def test_one_two_and_many_are_blocks() -> None:
    """one() and two() are the first of a block, many() and blocks() whole blocks."""
    draws = Draws(7, 412)
    singles = [draws.block(IDENTITY, Purpose.STAGES, i) for i in range(40)]
    assert draws.one(IDENTITY, Purpose.STAGES) == singles[0][0]
    assert draws.one(IDENTITY, Purpose.STAGES, 5) == singles[5][0]
    assert draws.two(IDENTITY, Purpose.STAGES) == singles[0][:2]
    assert draws.many(IDENTITY, Purpose.STAGES, 8) == singles[0] + singles[1]
    assert draws.many(IDENTITY, Purpose.STAGES, 0) == ()
    assert draws.blocks(IDENTITY, Purpose.STAGES, 3, 37) == singles[3:]
    assert draws.blocks(IDENTITY, Purpose.STAGES, 3, 0) == []
    assert all(type(u) is float for block in singles for u in block)


@pytest.mark.parametrize("n", [-4, 1, 6])
def test_many_refuses_broken_blocks(n: int) -> None:
    """many() refuses an n that is not a multiple of 4, and says so."""
    with pytest.raises(ValueError, match=f"n: {n} is not a multiple of 4"):
        Draws(7, 0).many(ROOT, Purpose.STAGES, n)


@pytest.mark.parametrize("wrong", [-1, 2**64])
def test_draws_refuses_what_is_not_a_word(wrong: int) -> None:
    """A root seed or replication outside 64 bits is refused by name; zero is legal."""
    with pytest.raises(ValueError, match="root_seed: "):
        Draws(wrong, 0)
    with pytest.raises(ValueError, match="replication: "):
        Draws(0, wrong)
    assert Draws(0, 0).root_seed == 0


@pytest.mark.parametrize("wrong", [-1, 2**128])
def test_an_identity_has_128_bits(wrong: int) -> None:
    """An identity or parent outside 128 bits is refused, never wrapped."""
    with pytest.raises(OverflowError):
        Draws(7, 0).block(wrong, Purpose.EFFECT)
    with pytest.raises(OverflowError):
        child(wrong, 1, 2, 3)
