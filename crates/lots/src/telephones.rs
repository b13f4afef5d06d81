//! The telephones, by the configuration: what the exchange is told, the browsers' way in, and the survey calls.

use crate::config::Config;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use storage::Database;
use storage::jobs::{JobError, Runner};
use surveys::{Answer, Asked, CallPlan, SurveyRules};
use telephony::browser::BrowserPhones;
use telephony::speech::Speaker;
use telephony::survey::{SurveyOutcome, SurveyScript};
use telephony::{Telephony, TelephonyConfig};
use tokio::sync::mpsc;
use vocabulary::{Actor, Chance, Clock, Context, InvitationId, UserId};
use web::{BrowserTelephones, Speech, TelephoneClosed};

/// What the exchange is told.
#[must_use]
pub fn config(config: &Config) -> TelephonyConfig {
    let set = &config.telephony;
    TelephonyConfig {
        bind: set.bind,
        public_address: set.public_address,
        rtp_ports: set.rtp_port_first..=set.rtp_port_last,
        realm: set.realm.clone(),
        trunk_peers: set.trunk_peers.clone(),
        trunk: set.trunk,
        own_number: set.own_number.clone(),
        switchboard: set.switchboard.clone(),
        sounds: Some(set.sounds.clone()),
        silence_max: Duration::from_secs(set.silence_seconds_max.into()),
        calls_max: config.routing.calls_max,
        ..TelephonyConfig::default()
    }
}

/// The program that reads messages aloud.
#[must_use]
pub fn speaker(config: &Config) -> Voice {
    Voice(Speaker {
        command: config.telephony.speech_command.clone(),
        time_max: Duration::from_secs(config.telephony.speech_seconds_max.into()),
        ..Speaker::default()
    })
}

/// The voice as the pages see it.
pub struct Voice(Speaker);

impl Speech for Voice {
    fn say(&self, text: String) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send + '_>> {
        Box::pin(async move {
            self.0.say(&text).await.map_err(|error| {
                tracing::warn!(%error, "a message could not be read aloud");
                error.to_string()
            })
        })
    }
}

/// The browsers' telephones as the pages see them.
pub struct Browsers(pub BrowserPhones);

impl BrowserTelephones for Browsers {
    fn attach(
        &self,
        user: UserId,
        from_browser: mpsc::Receiver<String>,
        to_browser: mpsc::Sender<String>,
    ) -> Pin<Box<dyn Future<Output = TelephoneClosed> + Send + '_>> {
        Box::pin(async move {
            let end = self.0.attach(user, from_browser, to_browser).await;
            TelephoneClosed { code: end.close_code(), reason: end.as_str() }
        })
    }
}

/// Lets `runner` ring up those who are invited to the survey.
///
/// Without a trunk for outgoing calls nobody is rung up; the invitations end as unreached.
#[must_use]
pub fn wire_surveys(
    runner: Runner,
    db: &Database,
    telephony: &Telephony,
    rules: SurveyRules,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
) -> Runner {
    let (db, telephony) = (db.clone(), telephony.clone());
    runner.on(surveys::SURVEY_CALL, move |payload, _| {
        let (db, telephony, rules) = (db.clone(), telephony.clone(), rules.clone());
        let (clock, chance) = (clock.clone(), chance.clone());
        async move {
            let invitation: InvitationId = serde_json::from_value(payload["invitation"].clone())
                .map_err(|e| JobError::GiveUp(format!("no invitation in the payload: {e}")))?;
            let context = || Context::new(clock.now(), Actor::System, chance.clone());
            surveys::conduct(&db, context, &rules, invitation, |plan| ask(telephony, plan)).await
        }
    })
}

async fn ask(telephony: Telephony, plan: CallPlan) -> Asked {
    let questions = plan.questionnaire.questions;
    let script = match SurveyScript::load(questions, |name| telephony.sound(name)) {
        Ok(script) => script,
        Err(error) => {
            tracing::error!(%error, "the survey cannot be asked");
            return Asked::Unreached;
        }
    };
    match telephony.survey_call(&plan.number, &script).await {
        SurveyOutcome::Unreached => Asked::Unreached,
        SurveyOutcome::Answered(scores) => Asked::Answered(
            scores.into_iter().map(|s| Answer { parameter: s.parameter, score: s.score }).collect(),
        ),
    }
}
