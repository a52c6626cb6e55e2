# The wheel is built in one stage and installed in another, so that the image holds no compiler and no source tree.
FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir build && python -m build --wheel --outdir /dist

FROM python:3.12-slim
RUN useradd --system --create-home --uid 10001 examsite
COPY --from=build /dist/*.whl /tmp/
RUN pip install --no-cache-dir /tmp/*.whl && rm /tmp/*.whl
USER examsite
WORKDIR /home/examsite
# DATABASE_URL and EXAMSITE_SECRET_KEY_FILE come from whoever runs the image; migrations are a step of their own:
#   docker run --rm ... examsite db upgrade
EXPOSE 8000
# Runs gunicorn on "examsite.app:create_app()" with the settings of gunicorn.conf.py.
CMD ["examsite", "serve", "--host", "0.0.0.0", "--port", "8000"]
