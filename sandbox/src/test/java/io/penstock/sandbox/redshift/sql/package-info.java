@NullMarked
package io.penstock.sandbox.redshift.sql;

import org.jspecify.annotations.NullMarked;
