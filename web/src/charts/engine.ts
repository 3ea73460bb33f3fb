import { LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// Lines and their axes are all that the library draws. Crosshair, legends, gaps and lanes are ours: one for all charts of
// a page, in reach of the keyboard and of a screen reader, and cheaper to fetch.
register([CanvasRenderer, GridComponent, LineChart]);

export { init };
