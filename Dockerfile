# The wheel is built in one stage and installed in another, so that the image holds no compiler and no source tree.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml hatch_build.py README.md LICENSE gunicorn.conf.py ./
COPY examsite ./examsite
COPY migrations ./migrations
COPY static ./static
COPY templates ./templates
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /dist .

FROM python:3.12-slim
RUN useradd --system --create-home --uid 10001 examsite
COPY --from=build /dist/*.whl /tmp/
RUN pip install --no-cache-dir /tmp/*.whl && rm /tmp/*.whl
USER examsite
WORKDIR /home/examsite
# DATABASE_URL and EXAMSITE_SECRET_KEY_FILE come from whoever runs the image; migrations are a step of their own:
#   docker run --rm ... examsite db upgrade
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
# Runs gunicorn on "examsite.app:create_app()" with the settings of gunicorn.conf.py.
CMD ["examsite", "serve", "--host", "0.0.0.0", "--port", "8000"]
