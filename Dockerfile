# One image for the dashboard, the steps and Airflow. Versions come from uv.lock alone.
FROM python:3.11-slim-bookworm AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/opt/amur/.venv
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /opt/amur
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --all-extras --no-install-project
COPY . .
RUN uv sync --frozen --no-dev --all-extras --no-editable

FROM python:3.11-slim-bookworm
RUN useradd --uid 50000 --create-home amur && mkdir -p /data /opt/airflow && chown amur /data /opt/airflow
COPY --from=build --chown=root:root /opt/amur /opt/amur
ENV PATH=/opt/amur/.venv/bin:$PATH AIRFLOW_HOME=/opt/airflow AMUR_DATA=/data \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/amur/dags AIRFLOW__CORE__LOAD_EXAMPLES=False
USER amur
WORKDIR /data
EXPOSE 8642 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=5 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8642/healthz', timeout=5)"]
ENTRYPOINT ["amur"]
CMD ["serve", "--host", "0.0.0.0"]
