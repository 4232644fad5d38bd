from cdk8s import Duration
from cdk8s_plus_27 import EnvValue, ServiceType
from cdk8s_versioned_mesh import AutoscalingOptions, Drain, FlaskLikeApp, HealthCheck, RunAs


def frontend(scope):
    app = FlaskLikeApp(
        scope,
        "frontend",
        image="ghcr.io/acme/frontend:3.1.0",
        env={"GREETING": EnvValue.from_value("Bonjour")},
        autoscaling=AutoscalingOptions(min_replicas=2, max_replicas=10),
        readiness=HealthCheck.http("/healthz"),
        writable_paths=["/tmp", "/var/cache/frontend"],
        run_as=RunAs.user(10001),
        drain=Drain.sleep_command(Duration.seconds(10)),
    )
    app.expose(port=80, service_type=ServiceType.LOAD_BALANCER)
    return app
