"""Every snippet that makes objects, in an app of its own, as synth.ts has them."""

import cdk8s
from cdk8s_versioned_mesh import VersionedService
from flask_like_app import frontend
from header_routed_mesh import routes
from two_versions import ApisChart
from versioned_service import reviews


def header_routed_mesh(app, id):
    chart = cdk8s.Chart(app, id)
    routes(chart, versioned(chart, "shop"), versioned(chart, "reviews"))


def versioned(chart, id):
    service = VersionedService(chart, id)
    for version in ("v1", "v2"):
        service.add_version(version, image=f"ghcr.io/acme/{id}:{version}")
    return service


SNIPPETS = {
    "two-versions": ApisChart,
    "flask-like-app": lambda app, id: frontend(cdk8s.Chart(app, id)),
    "versioned-service": lambda app, id: reviews(cdk8s.Chart(app, id)),
    "header-routed-mesh": header_routed_mesh,
}

for name, make in SNIPPETS.items():
    app = cdk8s.App()
    make(app, name)
    app.synth()
