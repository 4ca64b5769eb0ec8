package io.penstock.common.config;

import io.penstock.common.schedule.Schedule;

/**
 * When a scheduler is to start the job. Penstock itself starts nothing.
 *
 * @param text the schedule in words, on one line
 */
public record ScheduleConfig(String text, Schedule schedule) {}
