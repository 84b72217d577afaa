"""For the tests of whoever writes a kind: whether it honours the contract of kinds.

In a package's own tests::

    from sim.testing import check_kind
    from my_package.pirates import KIND

    def test_the_kind_honours_the_contract() -> None:
        check_kind(KIND)
"""

from sim.testing.contract import check_kind

__all__ = ["check_kind"]
