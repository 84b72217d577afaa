"""One replication: draws, log, world, clock, actors and the two drivers."""
