//! Forms that bring files along (`multipart/form-data`): read whole, within limits, into fields and files.
//!
//! A route that takes them is registered with [`crate::routes::RouteTable::upload`], which gives it a limit of its own;
//! every other route keeps the small one. The guard has then checked the form's token, as it does with any form.

use crate::error::PageError;
use axum::{
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::de::DeserializeOwned;

/// The largest form with files, in bytes, all parts together.
pub const UPLOAD_BYTES_MAX: usize = 25 * 1024 * 1024;
/// Most files in one form.
pub const FILES_PER_FORM_MAX: usize = 10;
/// Most fields and files in one form.
const PARTS_MAX: usize = 200;

/// A file as sent. Name and type are the sender's word: [`cases::documents::checked`] is what believes them or not.
#[derive(Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// The form's field it was sent in.
    pub field: String,
    /// What the sender calls it.
    pub name: String,
    /// What the sender says it is; empty if nothing is said.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for UploadedFile {
    /// Without name and content, so that neither ends up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadedFile")
            .field("field", &self.field)
            .field("size", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// A form with files, read whole. An extractor; use it last, as it takes the body. A form without files
/// (`application/x-www-form-urlencoded`) reads as well, so that a page can be sent either way.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    fields: Vec<(String, String)>,
    files: Vec<UploadedFile>,
}

impl Upload {
    /// The first value of a field; empty if it was not sent.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    /// Every value of a field that may come several times.
    pub fn values<'u>(&'u self, name: &'u str) -> impl Iterator<Item = &'u str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        !self.field(name).is_empty()
    }

    /// The fields as a form's structure, by the same rules as `axum::Form`.
    ///
    /// # Errors
    /// [`PageError::Invalid`] if they do not fit it.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, PageError> {
        let pairs = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        serde_path::from_pairs(pairs)
    }

    /// The files that were chosen. A file field left empty sends a nameless empty file, which is none.
    #[must_use]
    pub fn files(&self) -> &[UploadedFile] {
        &self.files
    }

    /// The files, to keep.
    #[must_use]
    pub fn into_files(self) -> Vec<UploadedFile> {
        self.files
    }
}

/// Reads name and value pairs into a structure.
mod serde_path {
    use crate::error::PageError;
    use serde::de::{DeserializeOwned, value::MapDeserializer};

    pub(super) fn from_pairs<'a, T: DeserializeOwned>(
        pairs: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<T, PageError> {
        let values = MapDeserializer::<_, serde::de::value::Error>::new(pairs);
        T::deserialize(values).map_err(|error| PageError::Invalid(error.to_string()))
    }
}

impl From<UploadedFile> for cases::documents::NewDocument {
    fn from(file: UploadedFile) -> Self {
        Self { name: file.name, media_type: file.media_type, bytes: file.bytes }
    }
}

/// Hands a kept file over to be saved: never shown as a page of ours, whatever it holds.
#[must_use]
pub fn hand_over(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let kind =
        HeaderValue::try_from(media_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, kind);
    if let Ok(disposition) = HeaderValue::try_from(disposition(name)) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// The `Content-Disposition` of a file to be saved: a plain name for old readers, and the whole one (RFC 6266, 8187).
fn disposition(name: &str) -> String {
    use std::fmt::Write as _;
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || " -_.()".contains(c) { c } else { '_' })
        .collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            let _ = write!(whole, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// Whether a body is a form with files.
#[must_use]
pub(crate) fn is_multipart(headers: &HeaderMap) -> bool {
    media_type(headers).is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/form-data"))
}

fn media_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or(value).trim())
}

fn refused(error: &MultipartError) -> PageError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => PageError::TooLarge,
        _ => PageError::Invalid("the form cannot be read".to_owned()),
    }
}

/// The value of the form's field `name`, reading no further than need be. For the guard, which looks for the token.
pub(crate) async fn field_of(request: Request, name: &str) -> Option<String> {
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    for _ in 0..PARTS_MAX {
        let part = parts.next_field().await.ok()??;
        if part.name() == Some(name) && part.file_name().is_none() {
            return part.text().await.ok();
        }
    }
    None
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        if !is_multipart(request.headers()) {
            let fields = axum::Form::<Vec<(String, String)>>::from_request(request, state)
                .await
                .map_err(|_| PageError::Invalid("the form cannot be read".to_owned()))?;
            return Ok(Self { fields: fields.0, files: Vec::new() });
        }
        let mut parts = Multipart::from_request(request, state)
            .await
            .map_err(|_| PageError::Invalid("the form cannot be read".to_owned()))?;
        let mut upload = Self::default();
        let mut count = 0;
        while let Some(part) = parts.next_field().await.map_err(|error| refused(&error))? {
            count += 1;
            if count > PARTS_MAX {
                return Err(PageError::TooLarge);
            }
            let field = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(name) => {
                    let media_type = part.content_type().unwrap_or_default().to_owned();
                    let bytes = part.bytes().await.map_err(|error| refused(&error))?.to_vec();
                    if name.is_empty() && bytes.is_empty() {
                        continue;
                    }
                    if upload.files.len() >= FILES_PER_FORM_MAX {
                        return Err(PageError::TooLarge);
                    }
                    upload.files.push(UploadedFile { field, name, media_type, bytes });
                }
                None => {
                    let value = part.text().await.map_err(|error| refused(&error))?;
                    upload.fields.push((field, value));
                }
            }
        }
        Ok(upload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn form(body: &str) -> Request {
        Request::builder()
            .method("POST")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=grans")
            .body(Body::from(body.replace('\n', "\r\n")))
            .unwrap()
    }

    const BODY: &str = "--grans\nContent-Disposition: form-data; name=\"csrf\"\n\nhemligt\n\
        --grans\nContent-Disposition: form-data; name=\"what\"\n\nÅäö\n\
        --grans\nContent-Disposition: form-data; name=\"what\"\n\ntvå\n\
        --grans\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\nContent-Type: text/plain\n\nhej\n\
        --grans\nContent-Disposition: form-data; name=\"files\"; filename=\"\"\nContent-Type: application/octet-stream\n\n\n\
        --grans--\n";

    #[tokio::test]
    async fn fields_and_files_are_told_apart_and_an_unchosen_file_is_none() {
        let upload = Upload::from_request(form(BODY), &()).await.unwrap();
        assert_eq!(upload.field("csrf"), "hemligt");
        assert_eq!(upload.values("what").collect::<Vec<_>>(), ["Åäö", "två"]);
        assert_eq!(upload.field("nothing"), "");
        let [file] = upload.files() else { panic!("{:?}", upload.files()) };
        assert_eq!((file.field.as_str(), file.name.as_str()), ("files", "a.txt"));
        assert_eq!((file.media_type.as_str(), file.bytes.as_slice()), ("text/plain", b"hej".as_slice()));
        assert_eq!(field_of(form(BODY), "csrf").await.as_deref(), Some("hemligt"));
        assert_eq!(field_of(form(BODY), "files").await, None, "a file is no field");
    }

    #[tokio::test]
    async fn what_is_cut_off_or_too_much_is_refused() {
        let cut = &BODY[..BODY.len() - 12];
        assert!(matches!(Upload::from_request(form(cut), &()).await, Err(PageError::Invalid(_))));
        let file = "--grans\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\n\nx\n";
        let many = format!("{}--grans--\n", file.repeat(FILES_PER_FORM_MAX + 1));
        assert!(matches!(Upload::from_request(form(&many), &()).await, Err(PageError::TooLarge)));
    }

    #[test]
    fn a_file_is_handed_over_to_be_saved() {
        let response = hand_over("räk\"ning\r\n.pdf", "application/pdf", b"%PDF-".to_vec());
        let disposition = response.headers()[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert_eq!(
            disposition,
            "attachment; filename=\"r_k_ning__.pdf\"; filename*=UTF-8''r%C3%A4k%22ning%0D%0A.pdf"
        );
        assert!(response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("sandbox"));
    }

    #[tokio::test]
    async fn a_form_without_files_reads_as_well() {
        #[derive(serde::Deserialize)]
        struct Form {
            what: String,
        }
        let request = Request::builder()
            .method("POST")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("what=%C3%A5"))
            .unwrap();
        let upload = Upload::from_request(request, &()).await.unwrap();
        assert_eq!(upload.read::<Form>().unwrap().what, "å");
        assert!(upload.files().is_empty());
    }
}
