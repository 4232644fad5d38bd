"""The chart of ../consumer/chart.ts, in Python."""

import cdk8s
from cdk8s_plus_27 import EnvValue
from cdk8s_versioned_mesh import FlaskLikeApp, HeaderMatch, HeaderRoutedMesh, HealthCheck, VersionedService


class ShopChart(cdk8s.Chart):
    def __init__(self, scope, id):
        super().__init__(scope, id, namespace="shop")

        shop = VersionedService(self, "shop")
        v1 = shop.add_version("v1", image="ghcr.io/acme/shop:1.4.0", port=8000, replicas=4)
        v2 = shop.add_version(
            "v2",
            image="ghcr.io/acme/shop:2.0.0",
            port=8000,
            env={"CURRENCY": EnvValue.from_value("EUR")},
            readiness=HealthCheck.http("/readyz"),
        )

        mesh = HeaderRoutedMesh(self, "ingress", hosts=["shop.example.com"], service=shop, default_version=v1)
        mesh.route(v2, HeaderMatch.exact("x-version", "v2"), name="by-header")
        mesh.route(v2, HeaderMatch.contains("user-agent", "Chrome"))

        FlaskLikeApp(self, "admin", image="ghcr.io/acme/admin:3.1.0").expose()


app = cdk8s.App()
ShopChart(app, "shop")
app.synth()
