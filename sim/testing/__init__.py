"""The executable contract of a kind of actor, for the tests of those who write one.

Nothing that the package itself needs. In a package's own tests::

    from sim.testing import check_kind
    from my_package.pirates import KIND

    def test_the_kind_honours_the_contract() -> None:
        check_kind(KIND)
"""

from sim.testing.contract import check_kind

__all__ = ["check_kind"]
