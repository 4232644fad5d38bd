/*
 * The app that `cdk8s synth` runs at the top: every example, one chart each.
 */
import { App } from 'cdk8s';
import { ApisChart } from './apis/chart';
import { jason } from './bookinfo/tasks';
import { HelloChart } from './hello/chart';
import { HelloworldChart } from './helloworld/chart';

const app = new App();
new HelloChart(app, 'hello');
new ApisChart(app, 'apis');
new HelloworldChart(app, 'helloworld');
jason(app, 'bookinfo');
app.synth();
