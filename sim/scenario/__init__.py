"""From a file to a frozen, checked scenario."""
