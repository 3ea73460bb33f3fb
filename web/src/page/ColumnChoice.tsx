'use client';
import { Button } from '../ui/controls';
import { ColumnsIcon } from '../ui/icons';
import { Popover } from '../ui/Popover';
import { NO_CHOICE, shownColumns, withColumn, type Column, type TableChoice } from './columns';

interface ColumnChoiceProps<Row> {
  columns: readonly Column<Row>[];
  choice: TableChoice;
  onChoice: (choice: TableChoice) => void;
}

/** Which columns are shown; this browser remembers it. */
export function ColumnChoice<Row>({ columns, choice, onChoice }: ColumnChoiceProps<Row>) {
  const shown = new Set(shownColumns(columns, choice).map(({ id }) => id));
  const free = columns.filter(({ fixed }) => !fixed);
  return (
    <Popover
      label="Columns"
      buttonLabel="Choose columns"
      align="end"
      look="quiet"
      button={<ColumnsIcon className="size-4" />}
    >
      {() => (
        <div className="w-52 p-2 text-sm">
          {free.map(({ id, name, hint }) => (
            <label
              key={id}
              className="flex h-8 pointer-coarse:h-10 items-center gap-2.5 rounded px-1 hover:bg-s3"
              title={hint}
            >
              <input
                type="checkbox"
                checked={shown.has(id)}
                onChange={(event) => onChoice(withColumn(columns, choice, id, event.currentTarget.checked))}
                className="accent-accent"
              />
              {name}
            </label>
          ))}
          <Button look="quiet" className="mt-1 w-full" onClick={() => onChoice(NO_CHOICE)}>
            Reset columns and order
          </Button>
        </div>
      )}
    </Popover>
  );
}
