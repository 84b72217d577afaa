# A scenario that does not exist: the nearest name.
escalade check iraq_2019_202
