# What ships.
escalade list
