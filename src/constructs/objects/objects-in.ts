import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** All objects in a construct, itself included, in the order in which they were made. */
export function objectsIn({ node }: IConstruct): ApiObject[] {
  return node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
}
