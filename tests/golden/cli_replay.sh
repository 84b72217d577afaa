# Thirty days of one replication, told.
escalade replay iraq_2019_2020 --replication 3 --until 2019-12-28
