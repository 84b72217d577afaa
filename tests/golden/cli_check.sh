# Every number with its basis, assumed ones first.
escalade check iraq_2019_2020
