# A short run: the summary.
escalade run iraq_2019_2020 --replications 20 --until 60 --workers 1 --engine simpy --out run
