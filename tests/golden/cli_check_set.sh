# A value outside its range.
escalade check iraq_2019_2020 --set actors.iraq.resolve=7
