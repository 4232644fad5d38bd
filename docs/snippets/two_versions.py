from cdk8s import App, Chart
from cdk8s_versioned_mesh import HeaderMatch, HeaderRoutedMesh, VersionedService


class ApisChart(Chart):
    def __init__(self, scope, id):
        super().__init__(scope, id, namespace="apis")

        apis = VersionedService(self, "apis", port=80)
        v1 = apis.add_version("v1", image="ghcr.io/acme/apis:1.4.0", port=8000, replicas=4)
        v2 = apis.add_version("v2", image="ghcr.io/acme/apis:2.0.0", port=8000)

        mesh = HeaderRoutedMesh(
            self, "ingress", hosts=["apis.example.com"], service=apis, default_version=v1
        )
        mesh.route(v2, HeaderMatch.contains("user-agent", "Chrome"))


if __name__ == "__main__":
    app = App()
    ApisChart(app, "apis")
    app.synth()
