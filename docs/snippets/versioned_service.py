from cdk8s_versioned_mesh import VersionedBy, VersionedService


def reviews(scope):
    service = VersionedService(scope, "reviews", port=9080, versioned_by=VersionedBy.SUBSETS)
    service.add_version("1.4.0", image="ghcr.io/acme/reviews:1.4.0", port=9080, replicas=4)
    service.add_version("2.0.0-rc.1", image="ghcr.io/acme/reviews:2.0.0-rc.1", port=8080, replicas=1)
    return service
