@NullMarked
package io.penstock.jobs.aws;

import org.jspecify.annotations.NullMarked;
