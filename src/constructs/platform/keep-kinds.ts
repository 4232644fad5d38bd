import type { Construct } from 'constructs';
import { manifestObject } from '../objects/manifest-object';

/** The name of the policy and of its binding. */
const NAME = 'keep-istio-kinds';

const MESSAGE = `with this kind, all its objects in all namespaces would be deleted, such as VirtualServices and Gateways. To delete it all the same, delete the policy first: kubectl delete validatingadmissionpolicybinding ${NAME}`;

const API = { apiVersion: 'admissionregistration.k8s.io/v1', metadata: { name: NAME } };

/** Has the API server refuse to delete Istio's kinds. After them in the file, so that `kubectl delete -f` meets it. */
export function keepKinds(part: Construct): void {
  const policy = manifestObject(part, 'Policy', {
    ...API,
    kind: 'ValidatingAdmissionPolicy',
    spec: {
      matchConstraints: {
        objectSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'istio' } },
        resourceRules: [
          {
            apiGroups: ['apiextensions.k8s.io'],
            apiVersions: ['*'],
            operations: ['DELETE'],
            resources: ['customresourcedefinitions'],
          },
        ],
      },
      validations: [{ expression: "request.operation != 'DELETE'", message: MESSAGE, reason: 'Forbidden' }],
    },
  });
  const binding = manifestObject(part, 'Binding', {
    ...API,
    kind: 'ValidatingAdmissionPolicyBinding',
    spec: { policyName: NAME, validationActions: ['Deny'] },
  });
  binding.addDependency(policy);
}
