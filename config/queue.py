"""Celery's settings, each with its reason in docs/engine.md. Read when the first message is sent or awaited."""

from django.conf import settings

broker_url = settings.REDIS_URL or "memory://"
broker_connection_timeout = 2
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
broker_transport_options = {
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "socket_keepalive": not settings.REDIS_URL.startswith("redis+socket"),
    "health_check_interval": 10,
}
# A message is a hint and its row the truth: it is acknowledged before it runs, so nothing is ever delivered again.
task_acks_late = False
task_ignore_result = True
task_publish_retry = False
task_serializer = "json"
accept_content = ["json"]
worker_prefetch_multiplier = 1
worker_disable_prefetch = True
worker_soft_shutdown_timeout = 30
worker_hijack_root_logger = False
worker_redirect_stdouts = False
worker_send_task_events = False
enable_utc = True
timezone = "UTC"
