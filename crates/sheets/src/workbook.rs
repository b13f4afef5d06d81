//! Excel workbooks of one sheet.

use crate::Cell;
use rust_xlsxwriter::{ExcelDateTime, Format, XlsxError};

/// Why a workbook could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the workbook could not be written: {0}")]
pub struct WorkbookError(#[from] XlsxError);

/// Characters Excel holds in a cell; what is longer is cut, or Excel would call the file damaged.
const CELL_CHARS_MAX: usize = 32_767;

/// A workbook being filled, row by row.
pub struct Workbook {
    inner: rust_xlsxwriter::Workbook,
    next_row: u32,
    day: Format,
}

impl Workbook {
    /// A workbook whose sheet has that name and those headings, which stay in sight while one scrolls.
    ///
    /// # Errors
    /// The name is none that Excel takes.
    pub fn new(sheet: &str, headings: &[String]) -> Result<Self, WorkbookError> {
        let mut inner = rust_xlsxwriter::Workbook::new();
        let worksheet = inner.add_worksheet();
        worksheet.set_name(sheet)?;
        worksheet.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold();
        for (column, heading) in (0_u16..).zip(headings) {
            worksheet.write_string_with_format(0, column, heading, &bold)?;
            worksheet.set_column_width(column, 18)?;
        }
        Ok(Self { inner, next_row: 1, day: Format::new().set_num_format("yyyy-mm-dd") })
    }

    /// Adds a row. A text is written as text, whatever it looks like.
    ///
    /// # Errors
    /// The sheet is full.
    pub fn add(&mut self, cells: &[Cell]) -> Result<(), WorkbookError> {
        let row = self.next_row;
        let sheet = self.inner.worksheet_from_index(0)?;
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    let fits: String = text.chars().take(CELL_CHARS_MAX).collect();
                    sheet.write_string(row, column, fits)?;
                }
                Cell::Number(number) => {
                    sheet.write_number(row, column, *number)?;
                }
                Cell::Day(day) => {
                    let (year, month, day_of_month) =
                        (day.year().unsigned_abs(), day.month().unsigned_abs(), day.day().unsigned_abs());
                    match ExcelDateTime::from_ymd(year, month, day_of_month) {
                        Ok(at) => sheet.write_datetime_with_format(row, column, &at, &self.day)?,
                        // Excel knows no days before 1900.
                        Err(_) => sheet.write_string(row, column, day.to_string())?,
                    };
                }
            }
        }
        self.next_row += 1;
        Ok(())
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// It could not be put together.
    pub fn finish(mut self) -> Result<Vec<u8>, WorkbookError> {
        Ok(self.inner.save_to_buffer()?)
    }
}
