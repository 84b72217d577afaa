# The explorer in a container; docs/explorer.md says how it is run, and whether this
# image was ever built.
FROM python:3.11-slim
RUN useradd --create-home analyst
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir --constraint constraints.txt '.[explore]'
USER analyst
WORKDIR /home/analyst
# Compiled once, into the image, so that the page is there at once.
RUN escalade compile
ENTRYPOINT ["escalade"]
CMD ["explore", "--no-browser"]
